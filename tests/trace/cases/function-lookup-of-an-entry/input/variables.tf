variable "settings" {
  type    = map(string)
  default = {}
}
