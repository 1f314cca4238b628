"""Plans on maps."""

from routing.maps.plan_map import plan_map, write_map

__all__ = ["plan_map", "write_map"]
