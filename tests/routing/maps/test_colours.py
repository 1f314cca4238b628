from routing.maps.colours import PALETTE, rep_colours


def test_as_many_colours_as_reps_while_they_last() -> None:
    colours = rep_colours({f"r{k}": (0.0, float(k)) for k in range(len(PALETTE))})
    assert sorted(colours.values()) == sorted(PALETTE)


def test_neighbours_on_a_grid_of_forty_are_never_alike() -> None:
    centres = {f"r{k:02d}": (0.1 * (k // 8), 0.1 * (k % 8)) for k in range(40)}
    colours = rep_colours(centres)
    for a, (y1, x1) in centres.items():
        for b, (y2, x2) in centres.items():
            if a != b and abs(y1 - y2) + abs(x1 - x2) < 0.11:
                assert colours[a] != colours[b]


def test_white_figures_are_readable_on_every_colour() -> None:
    for colour in PALETTE:
        red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (red, green, blue)]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (luminance + 0.05) >= 3.0, colour
