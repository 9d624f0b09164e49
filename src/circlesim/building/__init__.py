"""Building: bring streets, outlets and people, and correct what was brought."""
