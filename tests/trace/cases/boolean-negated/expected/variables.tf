variable "locked_down" {
  type    = bool
  default = true
}
