"""Where fault-free runs do not end: the cycles of the graph of calm steps."""

from array import array


def on_a_cycle(count: int, source: "array[int]", target: "array[int]") -> list[int]:
    """States of which each lies on or between cycles, lowest first; empty if there is no cycle."""
    left = alive(bytearray(b"\1") * count, count, source, target)
    left = alive(left, count, target, source)
    return [state for state in range(count) if left[state]]


def alive(left: bytearray, count: int, source: "array[int]", target: "array[int]") -> bytearray:
    """Those of `left` that can go on for ever from source to target: the ends are taken away until there are none."""
    ways, first = array("i", bytes(4 * count)), array("i", [-1]) * count
    chained = array("i", bytes(4 * len(source)))
    for edge, (x, y) in enumerate(zip(source, target, strict=True)):
        if left[x] and left[y]:
            ways[x] += 1
            chained[edge], first[y] = first[y], edge
    ends = [state for state in range(count) if left[state] and not ways[state]]
    while ends:
        state = ends.pop()
        left[state] = 0
        edge = first[state]
        while edge >= 0:
            ways[source[edge]] -= 1
            if not ways[source[edge]]:
                ends.append(source[edge])
            edge = chained[edge]
    return left
