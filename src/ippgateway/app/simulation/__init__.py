"""The whole payment path under a simulated clock, with injected faults, from a seed.

The program's own use cases run against a real PostgreSQL. Everything else is simulated: time, randomness, the line to
the acquirer, the acquirer's host with books of its own, 3-D Secure, shops and payers, processes that die or stall, a
database that is lost. A statement takes no simulated time and nothing else runs while it does, so that one seed is
one course of events, whatever the machine does.

    loop        an event loop in which time jumps to whatever happens next
    processes   programs that may die or stall at any await
    database    the real server, its statements, and what may go wrong at each
    faults      when what goes wrong, from the seed
    acquirer    the host and its books
    line        the way there and back; 3-D Secure
    shops       who buys what, which actions follow, and who answers notifications
    programs    two payment zones and the worker
    invariants  what must be true in the end
    course      one seed from its beginning to its end
"""
