"""Files of tiles: MBTiles and PMTiles, read without unpacking more than the area needs."""
