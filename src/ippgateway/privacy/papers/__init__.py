"""What people are told: the privacy policy, the cookie page, the terms, the list of processors; each in versions.

What is stored, why, how long and who gets it is read from the declarations; the words around it are written here, in
both languages. The text of every version that was ever in force is kept beside this file, so that a difference can be
shown and a consent can name what it was given to (CHANGE-1).
"""
