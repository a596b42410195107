"""Where the numbers lie: which CRS, which spelling, which shift."""
