"""Workbooks and CSV as tables: cells, headings, rows, totals."""
