"""Columns of ``gaps.xlsx`` that are many: the word of the heading, the kind, the width in characters."""

MATRIX = (
    ("town", "text", 12),
    ("village", "text", 14),
    ("households", "whole", 8),
    ("gaps", "whole", 7),
    ("urgency", "whole", 9),
)
"""The columns of the matrix before its facilities."""
LINKS = (
    ("link-name", "text", 36),
    ("link-town", "text", 14),
    ("link-village", "text", 24),
    ("link-content", "text", 30),
    ("quantity", "whole", 9),
    ("unit", "center", 6),
    ("investment", "money", 12),
    ("benefit", "whole", 9),
    ("per-household", "percent", 10),
    ("uphill", "percent", 9),
    ("rise", "percent", 9),
)
"""The columns of planned lines: those that the reader of project ledgers knows, then the technical ones."""
