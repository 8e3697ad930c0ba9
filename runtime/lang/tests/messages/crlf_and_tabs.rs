fn a(x: f64) -> f64 {
	let y = x;
	y + "text"
}
