"""The forms in which lists leave the house: JSON in pages; JSON Lines, CSV and GeoJSON whole, row by row."""
