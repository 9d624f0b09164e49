"""Assessment: have or lack, good or bad, satisfied or not, and the grade they come to under a standard."""
