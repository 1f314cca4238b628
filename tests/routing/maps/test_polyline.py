from routing.maps.polyline import encode, simplified


def test_the_example_of_the_format() -> None:
    # The worked example in the format's public description.
    assert encode([(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)]) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"


def test_nothing_and_a_point() -> None:
    assert encode([]) == ""
    assert encode([(0.0, 0.0)]) == "??"


def test_vertices_that_move_the_line_less_than_five_metres_go() -> None:
    assert simplified([(0.0, 0.0), (0.00001, 0.001), (0.0, 0.002)]) == [(0.0, 0.0), (0.0, 0.002)]
    assert simplified([(0.0, 0.0), (0.001, 0.001), (0.0, 0.002)]) == [(0.0, 0.0), (0.001, 0.001), (0.0, 0.002)]
    assert simplified([(1.0, 2.0)]) == [(1.0, 2.0)]
    # The far end stays when a route comes back to its start.
    assert simplified([(0.0, 0.0), (0.0, 0.01), (0.0, 0.0)]) == [(0.0, 0.0), (0.0, 0.01), (0.0, 0.0)]
