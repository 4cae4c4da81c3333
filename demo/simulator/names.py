"""First names, last names, streets and places from which people are put together."""

_FIRST = """
Ada Alba Alma Amelie Anika Anton Arne Asta Ben Bea Birte Bruno Carla Cem Clara Colin Dana David Edda Eli Elif Ella
Emil Emma Enno Erik Esra Eva Fabio Fenja Finn Frida Georg Greta Hanna Hauke Henri Hilde Ida Ilse Ines Iris Jakob Jana
Jens Jette Jonas Joris Jule Juna Kai Karla Kira Klara Lars Lea Leni Leo Lina Linus Liv Lotte Luca Luis Maja Malte Mara
Marek Marie Mats Max Mila Mina Mira Moritz Nele Nico Nils Nora Ole Oskar Otto Paul Paula Pia Pola Quirin Rana Remo
Rieke Robin Romy Rosa Ruth Sami Selma Silas Sina Sofie Stina Sven Tara Theo Thea Tilda Till Tom Toni Uwe Vera Vito
Wanda Wim Yara Yusuf Zoe
"""
_LAST = """
Abel Acker Albers Arnold Bach Bauer Becker Berger Bergmann Blum Bock Brandt Braun Busch Conrad Dahl Decker Demir
Dietrich Dorn Eberle Ehlers Engel Ernst Falk Fiedler Fink Fischer Frank Fuchs Funke Geiger Gerber Graf Gruber Haas
Hahn Hansen Hartmann Heinz Held Herzog Hoffmann Holm Huber Jacobs Jansen Kaiser Kaya Keller Kern Klein Koch Kohl Kraus
Kruse Kuhn Lang Lehmann Lenz Lindner Lorenz Ludwig Maier Marx Maurer Meyer Moser Neumann Novak Ohlsen Otte Peters
Pfeiffer Pohl Raab Reuter Richter Roth Sander Sauer Schenk Scholz Schubert Seidel Simon Sommer Stein Stern Sturm Thiel
Timm Ullrich Vogel Voss Wagner Walter Weber Weiss Winter Wolf Yilmaz Ziegler Zimmer
"""
FIRST_NAMES = tuple(_FIRST.split())
LAST_NAMES = tuple(_LAST.split())
STREETS = (
    "Lindenweg", "Mill Lane", "Am Anger", "Kirchgasse", "Hafenstrasse", "Rosenweg", "Schulstrasse", "Bergallee", "Brunnengasse",
    "Gartenweg", "Uferstrasse", "Feldrain", "Marktplatz", "Quittenweg", "Seestrasse", "Tannenweg", "Wiesengrund", "Birkenallee",
)  # fmt: skip

# Country, city, first postal code of the city, share of the shop's people.
PLACES = (
    ("DE", "Berlin", 10115, 0.17),
    ("DE", "Hamburg", 20095, 0.10),
    ("DE", "Munich", 80331, 0.09),
    ("DE", "Cologne", 50667, 0.08),
    ("DE", "Leipzig", 4103, 0.07),
    ("DE", "Frankfurt", 60311, 0.06),
    ("DE", "Bremen", 28195, 0.05),
    ("DE", "Freiburg", 79098, 0.05),
    ("DE", "Dresden", 1067, 0.05),
    ("AT", "Vienna", 1010, 0.08),
    ("AT", "Graz", 8010, 0.03),
    ("NL", "Utrecht", 3511, 0.05),
    ("NL", "Amsterdam", 1012, 0.04),
    ("FR", "Strasbourg", 67000, 0.04),
    ("BE", "Ghent", 9000, 0.02),
    ("DK", "Aarhus", 8000, 0.02),
)
