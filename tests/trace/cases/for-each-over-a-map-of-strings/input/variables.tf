variable "notebooks" {
  type    = map(string)
  default = {
    ads  = "Enabled"
    risk = "Disabled"
  }
}
