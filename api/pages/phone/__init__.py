"""The rep's phone page: today on list and map, reports that wait for the network, the week, the wrap-up."""
