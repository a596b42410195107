"""How the sample county is made: real names and outline, made shapes, the same bytes each time."""
