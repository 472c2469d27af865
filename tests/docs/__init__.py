"""How documentation is made."""
