"""Settings for all tests."""

from hypothesis import settings

# A busy machine makes single examples slow; how long one takes is no property of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
