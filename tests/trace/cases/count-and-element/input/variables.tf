variable "modes" {
  type    = list(string)
  default = ["Enabled", "Disabled"]
}
