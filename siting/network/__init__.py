"""Roads as a graph in compact arrays, places snapped onto it, and exact bounded distances."""
