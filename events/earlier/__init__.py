"""The list of events as it stood at a moment: what the reader could see then and still may, as it was held then.

Invariant: an event is in it if and only if its own address answers as of that moment, and it is shown as it is there.
So what has not changed since is read as it is stored, and only what has changed is put together from the history. What
events name (places, actors, types …) is as it is now, also where questions ask for it.
"""
