"""What if: scenarios planned, compared, drawn and reported."""
