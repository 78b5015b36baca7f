"""Writes made-up sidecars of photos, as a sample export has them: FOLDER COUNT."""
import os, random, sys

folder, count = sys.argv[1], int(sys.argv[2])
made_up = random.Random(7)
WORDS = "lake shore summer winter dinner family birthday garden bridge harbour market station mountain evening".split()
PEOPLE = ["Ann Example", "Bob Example", "Carl Sample", "Dora Sample", "Emil Muster"]

def token(length):
    return "".join(made_up.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", k=length))

taken = 1_420_000_000
for photo in range(count):
    taken += made_up.randrange(20, 6_000)
    located = photo % 4 != 0
    place = (47 + made_up.random() * 3, 8 + made_up.random() * 5, made_up.random() * 600) if located else (0, 0, 0)
    year = 2015 + photo * 10 // count
    name = f"IMG_{taken}_{photo:06d}.jpg"
    people = f'\n  "people": [{{\n    "name": "{made_up.choice(PEOPLE)}"\n  }}],' if photo % 5 == 0 else ""
    path = os.path.join(folder, "Takeout", "Google Photos", f"Photos from {year}")
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, f"{name}.supplemental-metadata.json"), "w") as sidecar:
        sidecar.write(f"""{{
  "title": "{name}",
  "description": "{' '.join(made_up.choices(WORDS, k=4)) if photo % 6 == 0 else ''}",
  "imageViews": "{made_up.randrange(40)}",
  "creationTime": {{
    "timestamp": "{taken + made_up.randrange(3_600, 90_000)}",
    "formatted": "upload"
  }},
  "photoTakenTime": {{
    "timestamp": "{taken}",
    "formatted": "taken"
  }},
  "geoData": {{
    "latitude": {place[0]:.7f},
    "longitude": {place[1]:.7f},
    "altitude": {place[2]:.1f},
    "latitudeSpan": 0.0,
    "longitudeSpan": 0.0
  }},{people}
  "url": "https://photos.example.org/{token(20)}",
  "googlePhotosOrigin": {{
    "mobileUpload": {{
      "deviceType": "ANDROID_PHONE"
    }}
  }}
}}
""")
