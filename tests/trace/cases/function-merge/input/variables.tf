variable "overrides" {
  type    = map(string)
  default = {}
}
