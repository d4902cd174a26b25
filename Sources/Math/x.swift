/// stub
public let mathStub = 1
