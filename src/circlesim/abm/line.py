"""Line: who stands before a counter or a machine, as one plain object."""

from __future__ import annotations

from collections import deque

from circlesim.engine.state import QUEUE_CAP

DAY_MIN = 1440.0


class Line:
    """
    A line before a counter, or before a machine, and the clocks of those who serve it.

    Parameters
    ----------
    servers : int
        People, or machines, that serve at once.
    """

    def __init__(self, servers: int) -> None:
        self.servers = servers
        self.free_at: list[float] = [0.0] * servers
        self.leaves: deque[float] = deque()

    def staff(self, servers: int) -> None:
        """
        Change how many serve.

        Parameters
        ----------
        servers : int
            At once.
        """
        self.servers = servers
        self.free_at += [0.0] * (servers - len(self.free_at))

    def ahead(self, minute: float) -> int:
        """
        Count those who wait: who is not yet served and has not left.

        Parameters
        ----------
        minute : float
            Now; never earlier than at the last call of the day.

        Returns
        -------
        int
            People.
        """
        while self.leaves and self.leaves[0] <= minute:
            self.leaves.popleft()
        return sum(leaves > minute for leaves in self.leaves)

    def is_busy(self, minute: float) -> bool:
        """
        Tell whether no server is free.

        Parameters
        ----------
        minute : float
            Now.

        Returns
        -------
        bool
            True where whoever comes has to wait.
        """
        return all(free > minute for free in self.free_at[: self.servers])

    def is_full(self, minute: float, limit: int) -> bool:
        """
        Tell whether nobody more may join.

        Parameters
        ----------
        minute : float
            Now.
        limit : int
            Most people who may wait; -1 for no limit.

        Returns
        -------
        bool
            False while a server is free; always True where there is none.
        """
        ahead = self.ahead(minute)
        if not self.servers:
            return True
        return self.is_busy(minute) and (0 <= limit <= ahead or len(self.leaves) >= QUEUE_CAP - 1)

    def offered_wait(self, minute: float) -> float:
        """
        Minutes until somebody who arrives would be served.

        Parameters
        ----------
        minute : float
            Arrival.

        Returns
        -------
        float
            Below zero while a server is free.
        """
        return min(self.free_at[: self.servers]) - minute

    def join(self, minute: float, length_min: float) -> float:
        """
        Queue somebody for the first server to be free.

        Parameters
        ----------
        minute : float
            Arrival.
        length_min : float
            Minutes of service.

        Returns
        -------
        float
            Minute at which service starts.
        """
        server = min(range(self.servers), key=self.free_at.__getitem__)
        start = max(minute, self.free_at[server])
        self.free_at[server] = start + length_min
        self.leaves.append(start)
        return start

    def leave_at(self, minute: float) -> None:
        """
        Stand in line for a while and leave it unserved.

        Parameters
        ----------
        minute : float
            When.
        """
        self.leaves.append(minute)

    def pass_midnight(self) -> None:
        """Carry clocks into the next day."""
        self.free_at = [max(free - DAY_MIN, -DAY_MIN) for free in self.free_at]
        self.leaves = deque(leaves - DAY_MIN for leaves in self.leaves)
