"""Maps: the only place of Folium."""

from siting.mapping.comparison import draw_comparison
from siting.mapping.page import draw_audit, draw_plan

__all__ = ["draw_audit", "draw_comparison", "draw_plan"]
