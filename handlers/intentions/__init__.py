"""What the desk says of the timeline."""
