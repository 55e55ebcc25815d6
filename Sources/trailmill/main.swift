print("trailmill")
