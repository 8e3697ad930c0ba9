fn a() {}
/* no end
