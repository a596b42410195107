/** The ellipsoid of CGCS2000 (GB 22021-2008), which is that of GRS80, and of WGS84 to a tenth of a millimetre; and the mu. */

export const SEMI_MAJOR_M = 6378137;
export const FLATTENING = 1 / 298.257222101;
/** The eccentricity squared. */
export const E2 = FLATTENING * (2 - FLATTENING);
/** A mu (亩) in square metres: fifteen to the hectare, as in geoplan/measure.py. */
export const MU_M2 = 10000 / 15;
