"""Line: who stands before a counter or a machine, and when each is served."""

from __future__ import annotations

from typing import Any

import numpy as np

from circlesim.compiled import compiled
from circlesim.engine.columns import lacks_digital
from circlesim.engine.state import QUEUE_CAP


@compiled(inline=True, borrow=True)
def servers_at(town: Any, line: Any) -> Any:
    """Servers of a line: the staff of an outlet without those of standing places, or its one machine."""
    if line >= town.outlets.size:
        return np.int32(1)
    if town.switches.places == 1:
        return np.int32(max(town.outlets[line].servers - town.outlets[line].places, 0))
    return town.outlets[line].servers


@compiled(inline=True, borrow=True)
def people_kept(state: Any, line: Any, t: Any) -> Any:
    """Count who is kept in a line at minute t: all who wait, and whoever left it out of turn."""
    while state.head[line] < state.tail[line] and state.queue[line, state.head[line] % QUEUE_CAP] <= t:
        state.head[line] += 1
    return state.tail[line] - state.head[line]


@compiled(inline=True, borrow=True)
def people_ahead(state: Any, line: Any, t: Any) -> Any:
    """Count who waits in a line at minute t, not yet served."""
    people_kept(state, line, t)
    # Who gives up leaves before those ahead are served, and who came past midnight starts after who comes at dawn.
    count = 0
    for z in range(state.head[line], state.tail[line]):
        count += int(state.queue[line, z % QUEUE_CAP] > t)
    return count


@compiled(inline=True, borrow=True)
def all_busy(state: Any, servers: Any, line: Any, t: Any) -> Any:
    """Tell whether no server of a line is free at minute t."""
    for c in range(servers):
        if state.free_at[line, c] <= t:
            return False
    return True


@compiled(inline=True, borrow=True)
def first_free(state: Any, servers: Any, line: Any) -> Any:
    """Server of a line that is free first."""
    server = 0
    for c in range(1, servers):
        if state.free_at[line, c] < state.free_at[line, server]:
            server = c
    return server


@compiled(inline=True, borrow=True)
def enter(state: Any, line: Any, until: Any) -> None:
    """Stand in a line until a minute."""
    state.queue[line, state.tail[line] % QUEUE_CAP] = until
    state.tail[line] += 1


@compiled(inline=True, borrow=True)
def take_turn(town: Any, state: Any, line: Any, t: Any, length: Any) -> Any:
    """Join a line at minute t for so many minutes of service; return the minute at which it starts."""
    server = first_free(state, servers_at(town, line), line)
    start = max(t, state.free_at[line, server])
    state.free_at[line, server] = start + length
    enter(state, line, start)
    return start


@compiled(inline=True, borrow=True)
def no_room(town: Any, state: Any, line: Any, limit: Any, ahead: Any, t: Any) -> Any:
    """Tell whether nobody more may join a line."""
    servers = servers_at(town, line)
    if servers == 0:
        return True
    if not all_busy(state, servers, line, t):
        return False
    return (limit >= 0 and ahead >= limit) or people_kept(state, line, t) >= QUEUE_CAP - 1


@compiled(inline=True, borrow=True)
def _length(town: Any, state: Any, line: Any, t: Any) -> Any:
    """People one sees before one: those who wait, and one who is served where no server is free."""
    return people_ahead(state, line, t) + int(all_busy(state, servers_at(town, line), line, t))


@compiled(inline=True, borrow=True)
def line_for(town: Any, state: Any, person: Any, f: Any, t: Any) -> Any:
    """Line of outlet f a resident joins: that of the machine where it is shorter and they can use one."""
    if town.switches.self_service == 0 or town.outlets[f].self_service == 0 or lacks_digital(person):
        return f
    machine = f + town.outlets.size
    return machine if _length(town, state, machine, t) < _length(town, state, f, t) else f
