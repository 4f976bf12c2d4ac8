"""What all faces with a door share: who asks, what they may open, the frame around a page, and the look.

A face is a table of `Route`s and a `House`; `shell_app` (in `app`) serves it. Every other face's code needs:

    from ippgateway.faces.shell.ask import Ask
    from ippgateway.faces.shell.house import House, Place
    from ippgateway.faces.shell.routes import Route, Who
"""
