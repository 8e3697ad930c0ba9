fn rest((.., b): (i32, i32)) { let .. = b; }
