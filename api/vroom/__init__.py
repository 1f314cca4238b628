"""``POST /vroom``: requests and answers as VROOM documents them, solved by the OR-Tools routing model.

Source of the format: https://github.com/VROOM-Project/vroom/blob/master/docs/API.md
"""
