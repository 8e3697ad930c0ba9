//! Casting, broadcasting, ufuncs and gufuncs over strided arrays.
