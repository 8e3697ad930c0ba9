fn twice(t: (i32, i32, i32)) -> i32 {
    match t { (.., 1, ..) => 1, _ => 2 }
}
fn booleans(b: bool) -> i32 {
    match b { true..=false => 1, _ => 2 }
}
fn empty(x: i32) -> i32 {
    match x { 5..5 => 1, _ => 3 }
}
fn many(x: i32) -> i32 {
    match x { n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n | n => 1 }
}
