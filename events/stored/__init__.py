"""What is kept beside events so that they are found and shown at the speed of the database.

``terms`` are what an event is found by, and ``backing`` what its evidence comes to, both kept in the transaction of
the change itself. ``documents`` are what the doors show: a change empties them in its own transaction (``touched`` says
which), and they are written again when it is done.
One that is empty is put together as it is asked for, so that what is read is always right.
"""
