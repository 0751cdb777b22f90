settings = {
  ra = "Disabled"
  ra = "Enabled"
}
