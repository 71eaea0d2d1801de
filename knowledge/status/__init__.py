"""How the desk does: counted from the record and this machine, and judged. Whatever shows it draws what this makes."""
