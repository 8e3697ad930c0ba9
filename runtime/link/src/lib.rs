//! Relocatable objects to executable memory.
