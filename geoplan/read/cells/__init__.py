"""What one cell says: text, months, money, quantities, numbers."""
