"""From a plan to pictures: one palette, the pages' data and their HTML, and maps for a notebook."""
