"""What the council knows and has promised. Imports none of the other rooms."""
