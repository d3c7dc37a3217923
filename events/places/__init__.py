"""Points on the earth: read, compared, and placed within the outlines that we ship.

Everywhere in here angles are degrees of WGS 84 (latitude north, longitude east) and lengths are metres along the
ground, on a sphere: good to half a percent, which is far less than any precision radius leaves open.
"""
