"""What the record tells when it is counted: figures for reports, and nothing that anybody wrote."""
