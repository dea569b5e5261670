"""GIS files of a dossier: GeoPackage, Shapefile, GeoJSON, drawing and land-boundary text, styled and explained."""

from siting.filing.gis.folder import write_gis

__all__ = ["write_gis"]
