variable "x" {
  type = bool
}
