"""School facility siting and catchment planning for a county bureau."""
