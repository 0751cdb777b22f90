variable "locked_down" {
  type    = bool
  default = false
}
